import css from '../../style/datasets.css';
import { datasets } from '../panels/datasets';
import { widget } from './host';

export default widget(datasets, css);

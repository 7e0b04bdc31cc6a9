import css from '../../style/datasets.css';
import explorer from '../../style/explorer.css';
import { datasets } from '../panels/datasets';
import { widget } from './host';

// the explorer is shown inside of it
export default widget(datasets, css + explorer);

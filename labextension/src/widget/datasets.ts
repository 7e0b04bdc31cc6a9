import modules from 'lent:datasets-explorer';
import css from '../../style/datasets.css';
import { datasets } from '../panels/datasets';
import { widget } from './host';
import { parts } from './part';

export default widget(datasets, css, parts(modules));

import css from '../../style/explorer.css';
import { explorer } from '../panels/explorer';
import { widget } from './host';

export default widget(explorer, css);

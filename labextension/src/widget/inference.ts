import css from '../../style/inference.css';
import { inference } from '../panels/inference';
import { widget } from './host';

export default widget(inference, css);

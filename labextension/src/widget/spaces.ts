import css from '../../style/spaces.css';
import { spaces } from '../panels/spaces';
import { widget } from './host';

export default widget(spaces, css);

import asking from '../../style/asking.css';
import css from '../../style/playground.css';
import { playground } from '../panels/playground';
import { widget } from './host';

export default widget(playground, asking + css);

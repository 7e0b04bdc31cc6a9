import asking from '../../style/asking.css';
import css from '../../style/compare.css';
import { compare } from '../panels/compare';
import { widget } from './host';

export default widget(compare, asking + css);

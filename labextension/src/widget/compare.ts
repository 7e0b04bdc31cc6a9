import modules from 'lent:compare-more';
import asking from '../../style/asking.css';
import css from '../../style/compare.css';
import { compare } from '../panels/compare';
import { widget } from './host';
import { parts } from './part';

export default widget(compare, asking + css, parts(modules));

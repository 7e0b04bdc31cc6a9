import css from '../../style/models.css';
import { models } from '../panels/models';
import { widget } from './host';

export default widget(models, css);

import { spaces } from '../panels/spaces';
import { widget } from './host';

export default widget(spaces);

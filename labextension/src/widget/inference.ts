import { inference } from '../panels/inference';
import { widget } from './host';

export default widget(inference);

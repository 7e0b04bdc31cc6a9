export { default as css } from '../../style/explorer.css';
export * from '../panels/datasets/exploring';

export { default as css } from '../../style/compare-more.css';
export * from '../panels/compare/more';

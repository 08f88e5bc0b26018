// Grafana's libraries import the compatibility package of React Router 5; the two things they take from it, on version 6.
export * from 'react-router-dom';
export const CompatRouter = ({ children }) => children;
export const CompatRoute = () => null;

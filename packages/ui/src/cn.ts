/**
 * Joins class names. How a component looks is chosen by its props; the `className` it takes only adds what it does
 * not set itself, such as a margin, since of two classes for one property the style sheet's order would decide.
 */
export { clsx as cn } from 'clsx'

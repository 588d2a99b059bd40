/** Is no scorer. */
export default 3;

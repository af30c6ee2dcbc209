// What the editor takes from ProseMirror; everything else is left out of the bundle.
export { Fragment, Schema, Slice } from "prosemirror-model";
export { EditorState, NodeSelection, Plugin, TextSelection } from "prosemirror-state";
export { EditorView } from "prosemirror-view";
export { keymap } from "prosemirror-keymap";
export { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
export { history, redo, undo } from "prosemirror-history";
export {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, selectedRect, tableEditing, tableNodes,
} from "prosemirror-tables";

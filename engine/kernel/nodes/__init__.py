"""One file a node kind: its rule and the section of BPMN 2.0 (ISO/IEC 19510) it comes from."""

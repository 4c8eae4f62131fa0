"""Which processes of a file run: one pool is the common case, several must need nothing but messages by name."""

from __future__ import annotations

from engine.bpmn.raw import RawProcess
from engine.bpmn.reading import Reading
from engine.bpmn.vocabulary import bpmn, without_prefix


def processes_to_run(reading: Reading) -> list[RawProcess]:
    """The executable processes of a file; pools that do not run are noted, impossible collaborations refused."""
    file, account, findings = reading.file, reading.account, reading.findings
    executable = [process for process in file.processes if process.executable]
    for process in file.processes:
        if not process.executable:
            account.take_whole(process.element)
            findings.add("process-not-executable", process.id)
    if not executable:
        findings.add("no-process", "")
    _check_message_flows(reading, executable)
    return executable


def _check_message_flows(reading: Reading, executable: list[RawProcess]) -> None:
    """Between two running pools a message flow must join a sender and a receiver of one message name.

    The arrow itself does nothing: messages travel by name and key. An arrow that promises more would lie.
    """
    home = {node.id: (process.id, node) for process in executable for node in process.nodes}
    for flow in reading.file.message_flows:
        source, target = home.get(flow.source_id), home.get(flow.target_id)
        if source is None or target is None:
            reading.findings.add("message-flow-drawn", flow.id, source=flow.source_id, target=flow.target_id)
            continue
        sent, awaited = _message_name(reading, flow.source_id), _message_name(reading, flow.target_id)
        if sent is None or sent != awaited:
            reading.findings.add("message-flow-names", flow.id, source=flow.source_id, target=flow.target_id,
                                 sent=sent or "", awaited=awaited or "")  # fmt: skip


def _message_name(reading: Reading, node_id: str) -> str | None:
    for process in reading.file.processes:
        for node in process.nodes:
            if node.id == node_id:
                holder = node.element.find(bpmn("messageEventDefinition"))
                reference = (node.element if holder is None else holder).get("messageRef")
                return reading.file.messages.get(without_prefix(reference)) if reference else None
    return None

// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Qt.labs.qmlmodels
import Luthien.Desktop

// The delegate of each kind of row.
DelegateChooser {
    id: root

    required property real rowWidth

    signal toggled(int row)
    signal copyWanted(int row)
    signal writtenWanted(int row)
    signal requestWanted(int row)
    signal agentWanted(int row)
    signal compareWanted(int row, int comparison)

    role: "kind"

    DelegateChoice {
        roleValue: Block.TurnHeader
        delegate: TurnHeader {
            id: header

            width: root.rowWidth
            onCopyWanted: root.copyWanted(header.index)
            onWrittenWanted: root.writtenWanted(header.index)
            onRequestWanted: root.requestWanted(header.index)
            onAgentWanted: root.agentWanted(header.index)
        }
    }

    DelegateChoice {
        roleValue: Block.Text
        delegate: TextRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.Code
        delegate: CodeRow {
            id: code

            width: root.rowWidth
            onCopyWanted: root.copyWanted(code.index)
        }
    }

    DelegateChoice {
        roleValue: Block.TableRow
        delegate: TableRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.Divider
        delegate: DividerRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.Picture
        delegate: PictureRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.DiffLine
        delegate: DiffRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.Thinking
        delegate: ThinkingRow {
            id: thinking

            width: root.rowWidth
            onToggled: root.toggled(thinking.index)
        }
    }

    DelegateChoice {
        roleValue: Block.ThoughtText
        delegate: ThoughtRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.ToolUse
        delegate: ToolCard {
            id: use

            width: root.rowWidth
            onToggled: root.toggled(use.index)
        }
    }

    DelegateChoice {
        roleValue: Block.ToolResult
        delegate: ToolCard {
            id: result

            isResult: true
            width: root.rowWidth
            onToggled: root.toggled(result.index)
        }
    }

    DelegateChoice {
        roleValue: Block.CardBody
        delegate: CardBody {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.Attachment
        delegate: AttachmentRow {
            id: attachment

            width: root.rowWidth
            onToggled: root.toggled(attachment.index)
        }
    }

    DelegateChoice {
        roleValue: Block.Decision
        delegate: DecisionRow {
            id: decision

            width: root.rowWidth
            onCompareWanted: comparison => root.compareWanted(decision.index, comparison)
        }
    }

    DelegateChoice {
        roleValue: Block.Received
        delegate: ThinkingRow {
            id: received

            width: root.rowWidth
            onToggled: root.toggled(received.index)
        }
    }

    DelegateChoice {
        roleValue: Block.Error
        delegate: NoticeRow {
            width: root.rowWidth
        }
    }

    DelegateChoice {
        roleValue: Block.CallFooter
        delegate: NoticeRow {
            width: root.rowWidth
        }
    }
}

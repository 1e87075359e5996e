// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Qt.labs.qmlmodels
import Luthien.Desktop

// The delegate of each kind of row.
DelegateChooser {
    id: root

    required property ConversationView view

    role: "kind"

    DelegateChoice {
        roleValue: Block.TurnHeader
        delegate: TurnHeader {
            width: root.view.width
        }
    }

    DelegateChoice {
        roleValue: Block.Text
        delegate: TextRow {
            width: root.view.width
        }
    }

    DelegateChoice {
        roleValue: Block.Code
        delegate: CodeRow {
            width: root.view.width
        }
    }

    DelegateChoice {
        roleValue: Block.Thinking
        delegate: ThinkingRow {
            id: thinking

            width: root.view.width
            onToggled: root.view.conversation.toggle(thinking.index)
        }
    }

    DelegateChoice {
        roleValue: Block.ThoughtText
        delegate: ThoughtRow {
            width: root.view.width
        }
    }

    DelegateChoice {
        roleValue: Block.ToolUse
        delegate: ToolCard {
            id: use

            width: root.view.width
            onToggled: root.view.conversation.toggle(use.index)
        }
    }

    DelegateChoice {
        roleValue: Block.ToolResult
        delegate: ToolCard {
            id: result

            width: root.view.width
            onToggled: root.view.conversation.toggle(result.index)
        }
    }

    DelegateChoice {
        roleValue: Block.CardBody
        delegate: CardBody {
            width: root.view.width
        }
    }

    DelegateChoice {
        roleValue: Block.Attachment
        delegate: AttachmentRow {
            id: attachment

            width: root.view.width
            onToggled: root.view.conversation.toggle(attachment.index)
        }
    }

    DelegateChoice {
        roleValue: Block.Error
        delegate: NoticeRow {
            width: root.view.width
        }
    }

    DelegateChoice {
        roleValue: Block.CallFooter
        delegate: NoticeRow {
            width: root.view.width
        }
    }
}

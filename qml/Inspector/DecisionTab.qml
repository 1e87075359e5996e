// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What the chain said about the call, what it was about, and what else is known of the call.
PageScroll {
    id: root

    required property InspectedCall call
    required property Clipboard clipboard

    signal policyWanted(string policyId)
    signal callWanted(string sessionId, string callId)

    contentHeight: column.height
    contentWidth: width
    activeFocusOnTab: true
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Decision")

    Column {
        id: column

        width: root.width
        topPadding: 18
        bottomPadding: Theme.space5

        SectionTitle {
            x: 20
            text: qsTr("Policy chain")
            bottomPadding: 12
        }

        PlainLabel {
            x: 20
            width: parent.width - 40
            visible: root.call.steps.count === 0
            text: qsTr("No policy was on, and none has spoken.")
            color: Theme.text3
            wrapMode: Text.Wrap
            bottomPadding: Theme.space4
            textFormat: Text.PlainText
        }

        Repeater {
            model: root.call.steps
            delegate: ChainStep {
                id: step

                x: 20
                width: column.width - 40
                last: step.index === root.call.steps.count - 1
                onPolicyWanted: root.policyWanted(step.policy)
            }
        }

        Rule {
            width: parent.width
            visible: root.call.judgedTitle !== ""
        }

        SectionTitle {
            x: 20
            visible: root.call.judgedTitle !== ""
            text: root.call.judgedTitle
            topPadding: 16
            bottomPadding: 8
        }

        JsonTree {
            width: parent.width
            height: Math.min(300, Math.max(3, root.call.judged.count) * 22 + 8)
            visible: root.call.judgedTitle !== ""
            searchable: false
            tree: root.call.judged
            clipboard: root.clipboard
            name: root.call.judgedTitle
        }

        Rule {
            width: parent.width
        }

        SectionTitle {
            x: 20
            text: qsTr("Call")
            topPadding: 16
            bottomPadding: 10
        }

        Flow {
            x: 20
            width: parent.width - 40
            spacing: Theme.space2
            visible: root.call.originalCall !== "" || root.call.resends > 0
            bottomPadding: 10

            PushButton {
                objectName: "openOriginal"
                glyph: "reply"
                visible: root.call.originalCall !== ""
                text: qsTr("Sent again from this call")
                onClicked: root.callWanted(root.call.originalSession, root.call.originalCall)
            }

            PushButton {
                objectName: "openResends"
                glyph: "reply"
                visible: root.call.resends > 0
                text: root.call.resends === 1 ? qsTr("Sent again once") : qsTr("Sent again %1 times").arg(root.call.resends)
                onClicked: root.callWanted(root.call.resentSession, "")
            }
        }

        FactList {
            x: 20
            width: parent.width - 40
            names: root.call.factNames
            values: root.call.factValues
        }
    }
}

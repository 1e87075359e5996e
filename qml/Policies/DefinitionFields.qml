// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What every policy has, whatever its type.
Column {
    id: root

    required property PolicyEditor editor

    FieldFrame {
        width: root.width
        visible: root.editor.isNew
        label: qsTr("Type")

        Flow {
            width: parent.width
            spacing: Theme.space1

            Repeater {
                model: root.editor.types
                delegate: Segment {
                    id: type

                    required property string modelData

                    objectName: "type." + type.modelData
                    text: type.modelData
                    checkable: false
                    checked: type.modelData === root.editor.type
                    onClicked: root.editor.type = type.modelData
                    Keys.onReturnPressed: type.clicked()
                    Keys.onEnterPressed: type.clicked()
                }
            }
        }
    }

    FieldFrame {
        id: identity

        width: root.width
        visible: root.editor.isNew
        label: qsTr("Id")
        help: qsTr("What decisions and the command line call it; it cannot be changed later.")
        needed: true
        problem: root.editor.idProblem

        LineField {
            objectName: "policyId"
            width: parent.width
            code: true
            text: root.editor.policyId
            wrong: identity.problem !== ""
            Accessible.name: identity.label
            onTextEdited: root.editor.policyId = text
        }
    }

    FieldFrame {
        id: naming

        width: root.width
        label: qsTr("Name")
        readOnly: root.editor.readOnly

        LineField {
            objectName: "policyName"
            width: parent.width
            text: root.editor.name
            placeholderText: root.editor.title
            readOnly: root.editor.readOnly
            Accessible.name: naming.label
            onTextEdited: root.editor.name = text
        }
    }

    FieldFrame {
        width: root.width
        label: qsTr("If it cannot judge")
        help: qsTr("When arguments cannot be read, are too large, or the policy fails.")

        SegmentedChoice {
            name: qsTr("If it cannot judge")
            words: [qsTr("Block"), qsTr("Let pass")]
            current: root.editor.onError
            enabled: !root.editor.readOnly
            onChosen: index => root.editor.onError = index
        }
    }

    FieldFrame {
        width: root.width
        label: qsTr("When it blocks a tool call")
        help: [qsTr("The call is replaced by what the agent is told; the reply goes on."), qsTr("The reply ends with what the agent is told."), qsTr("The model is told why and asked again, at most three times; then as Replace.")][root.editor.onBlock]

        SegmentedChoice {
            objectName: "onBlock"
            name: qsTr("When it blocks a tool call")
            words: [qsTr("Replace"), qsTr("End reply"), qsTr("Ask again")]
            current: root.editor.onBlock
            enabled: !root.editor.readOnly
            onChosen: index => root.editor.onBlock = index
        }
    }

    FieldFrame {
        width: root.width
        label: qsTr("What the agent is told")
        help: [qsTr("Only that the call was blocked."), qsTr("That it was blocked, and by which policy."), qsTr("That it was blocked, by which policy, and why.")][root.editor.agentText]

        SegmentedChoice {
            name: qsTr("What the agent is told")
            words: [qsTr("Blocked"), qsTr("By whom"), qsTr("Why")]
            current: root.editor.agentText
            enabled: !root.editor.readOnly
            onChosen: index => root.editor.agentText = index
        }
    }

    FieldFrame {
        id: scope

        property bool opened: false

        width: root.width
        label: qsTr("Which calls")
        help: root.editor.scope === "" ? qsTr("All of them.") : qsTr("Only %1.").arg(root.editor.scope)

        PushButton {
            objectName: "changeScope"
            visible: !root.editor.readOnly || root.editor.scope !== ""
            glyph: scope.opened ? "chevron-down" : "chevron-right"
            text: scope.opened ? qsTr("Hide the limits") : root.editor.readOnly ? qsTr("Show the limits") : qsTr("Limit to some calls")
            onClicked: scope.opened = !scope.opened
        }
    }

    SettingsForm {
        x: 18
        width: root.width - 18
        visible: scope.opened
        form: root.editor.scopeForm
        readOnly: root.editor.readOnly
    }
}

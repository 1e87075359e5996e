// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The settings of a policy as its type's schema describes them.
Column {
    id: root

    required property SchemaForm form
    property bool readOnly: false
    property int scriptLine: 0

    PlainLabel {
        width: root.width
        visible: root.form.empty
        text: qsTr("This type has no settings.")
        color: Theme.text3
        textFormat: Text.PlainText
    }

    Repeater {
        model: root.form
        delegate: FieldChooser {
            form: root.form
            rowWidth: root.width
            readOnly: root.readOnly
            scriptLine: root.scriptLine
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Tries the database that is typed, before it is chosen, and makes its tables.
Column {
    id: root

    required property DatabaseTrial trial
    required property string url
    /// Once the tables are made, another press would do nothing.
    readonly property bool needsTables: root.trial.outcome === DatabaseTrial.NeedsTables

    spacing: Theme.space2
    onUrlChanged: root.trial.forget()

    Row {
        spacing: Theme.space2

        PushButton {
            objectName: "tryDatabase"
            glyph: "database"
            enabled: !root.trial.running
            text: qsTr("Try the connection")
            onClicked: root.trial.start(root.url)
        }

        PushButton {
            visible: root.needsTables
            primary: true
            enabled: !root.trial.running
            objectName: "makeTables"
            text: qsTr("Do it now")
            onClicked: root.trial.makeTables()
        }

        PushButton {
            objectName: "stopDatabaseTrial"
            visible: root.trial.running
            glyph: "cross"
            text: qsTr("Stop")
            onClicked: root.trial.stop()
        }
    }

    Row {
        spacing: 6
        visible: root.trial.text !== ""

        Glyph {
            y: 1
            size: 14
            visible: !root.trial.running
            name: root.trial.outcome === DatabaseTrial.Failed ? "triangle" : root.needsTables ? "table" : "check"
            tint: said.color
        }

        PlainLabel {
            id: said

            width: Math.min(implicitWidth, root.width - 24)
            text: root.trial.text
            color: root.trial.outcome === DatabaseTrial.Failed ? Theme.failure : root.trial.outcome === DatabaseTrial.Ready ? Theme.allow : Theme.text2
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
            Accessible.role: Accessible.AlertMessage
            Accessible.name: root.trial.text
        }
    }
}

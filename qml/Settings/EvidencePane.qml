// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Where the chain of evidence ends, and whether the record still is what it says.
Column {
    id: root

    required property EvidenceVerification evidence
    required property Clipboard clipboard

    readonly property bool broken: root.evidence.outcome === EvidenceVerification.Broken || root.evidence.outcome === EvidenceVerification.Failed

    spacing: Theme.space3
    onVisibleChanged: {
        if (root.visible)
            root.evidence.refresh();
    }

    PlainLabel {
        width: parent.width
        text: qsTr("Every decision and every call that is over is linked to the one before. Write the head down elsewhere: with it, nobody can shorten the record unseen.")
        color: Theme.text2
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    Rectangle {
        width: parent.width
        height: head.height + 2 * Theme.space3
        radius: Theme.cardRadius
        color: Theme.inset
        border.color: Theme.line

        Column {
            id: head

            x: Theme.space4
            y: Theme.space3
            width: parent.width - 2 * Theme.space4 - copy.width - Theme.space3
            spacing: 3

            CodeText {
                width: parent.width
                text: root.evidence.head === "" ? qsTr("The chain is empty") : root.evidence.head
                color: Theme.text
                wrapMode: Text.WrapAnywhere
                textFormat: Text.PlainText
            }

            PlainLabel {
                width: parent.width
                text: root.evidence.signature
                color: Theme.text3
                font.pixelSize: Theme.secondarySize
                wrapMode: Text.Wrap
                textFormat: Text.PlainText
            }
        }

        PushButton {
            id: copy

            anchors.right: parent.right
            anchors.rightMargin: Theme.space3
            anchors.verticalCenter: parent.verticalCenter
            enabled: root.evidence.head !== ""
            glyph: "copy"
            text: qsTr("Copy")
            Accessible.name: qsTr("Copy the head of the chain")
            onClicked: root.clipboard.copy(root.evidence.head)
        }
    }

    Row {
        spacing: Theme.space3

        PushButton {
            objectName: "verify"
            primary: !root.evidence.running
            glyph: root.evidence.running ? "stop" : "check"
            text: root.evidence.running ? qsTr("Stop") : qsTr("Verify now")
            onClicked: root.evidence.running ? root.evidence.cancel() : root.evidence.start()
        }

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 200
            height: 6
            radius: 3
            color: Theme.hover
            visible: root.evidence.running
            Accessible.role: Accessible.ProgressBar
            Accessible.name: qsTr("%1 % verified").arg(Math.round(root.evidence.progress * 100))

            Rectangle {
                width: parent.width * root.evidence.progress
                height: parent.height
                radius: 3
                color: Theme.fill
            }
        }
    }

    Row {
        width: parent.width
        spacing: Theme.space2
        visible: root.evidence.outcome !== EvidenceVerification.NotVerified

        Glyph {
            y: 1
            name: root.broken ? "triangle" : "check"
            tint: root.broken ? Theme.failure : Theme.allow
        }

        PlainLabel {
            width: parent.width - 24
            text: root.evidence.report
            color: root.broken ? Theme.failure : Theme.text
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
            Accessible.role: Accessible.AlertMessage
            Accessible.name: root.evidence.report
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// How far an answer reaches, for how long, and what that would have matched before.
Column {
    id: root

    required property AnswerReach reach

    spacing: Theme.space2

    Flow {
        width: root.width
        spacing: Theme.space2

        SegmentedChoice {
            objectName: "answerScope"
            name: qsTr("The answer is for")
            words: root.reach.scopes
            current: root.reach.scope
            onChosen: index => root.reach.scope = index
        }

        SegmentedChoice {
            objectName: "answerDuration"
            visible: root.reach.wide
            name: qsTr("For how long")
            words: root.reach.durations
            current: root.reach.duration
            onChosen: index => root.reach.duration = index
        }
    }

    PlainLabel {
        objectName: "answerMeaning"
        width: root.width
        visible: root.reach.wide
        text: root.reach.meaning
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    PlainLabel {
        id: preview

        objectName: "answerPreview"
        width: root.width
        visible: root.reach.wide
        text: root.reach.preview
        color: Theme.text2
        wrapMode: Text.WrapAnywhere
        maximumLineCount: 5
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
        Accessible.role: Accessible.StaticText
        Accessible.name: preview.text
    }
}

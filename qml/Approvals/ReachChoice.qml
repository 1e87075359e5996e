// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// For how long an answer counts, and for what else; word for word what that means, and what it would have matched.
Column {
    id: root

    required property AnswerReach reach
    property int mostLines: 6

    spacing: Theme.space2

    Flow {
        width: root.width
        spacing: Theme.space2

        SegmentedChoice {
            objectName: "answerDuration"
            width: Math.min(implicitWidth, root.width)
            name: qsTr("The answer counts")
            words: root.reach.durations
            current: root.reach.duration
            onChosen: index => root.reach.duration = index
        }

        SegmentedChoice {
            objectName: "answerScope"
            width: Math.min(implicitWidth, root.width)
            visible: root.reach.wide
            name: qsTr("For what")
            words: root.reach.scopes
            current: root.reach.scope
            onChosen: index => root.reach.scope = index
        }
    }

    PatternChoice {
        objectName: "answerPattern"
        width: root.width
        visible: root.reach.patterns.length > 1
        patterns: root.reach.patterns
        current: root.reach.pattern
        onChosen: index => root.reach.pattern = index
    }

    PlainLabel {
        id: meaning

        objectName: "answerMeaning"
        width: root.width
        visible: root.reach.wide && root.reach.meaning !== ""
        text: root.reach.meaning
        wrapMode: Text.Wrap
        maximumLineCount: root.mostLines
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
        Accessible.role: Accessible.StaticText
        Accessible.name: meaning.text
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

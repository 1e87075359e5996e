// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Conversation
import Luthien.Desktop

// Every kind of row, with one text in every place of it that shows text.
Flow {
    id: root

    required property string hostile

    TurnHeader {
        width: 440
        index: 0
        current: true
        selectedFrom: 0
        selectedTo: 0
        tone: Block.Live
        expandable: true
        expanded: true
        glyph: "spark"
        title: root.hostile
        detail: root.hostile
        marker: root.hostile
    }

    TextRow {
        width: 440
        index: 1
        current: false
        selectedFrom: 0
        selectedTo: 5
        style: Block.Paragraph
        tone: Block.Plain
        depth: 0
        quoted: true
        first: true
        marker: root.hostile
        body: root.hostile
        spans: [0, 3, 1, 1, 4, 16, 2, 9, 4]
        found: [1, 2]
    }

    CodeRow {
        width: 440
        index: 3
        current: false
        selectedFrom: 0
        selectedTo: 0
        first: true
        last: true
        marker: root.hostile
        body: root.hostile
        found: []
    }

    TableRow {
        width: 440
        index: 4
        current: false
        selectedFrom: 0
        selectedTo: 0
        depth: 1
        first: true
        last: true
        body: root.hostile
        cells: [root.hostile, root.hostile]
        widths: [10, 20]
    }

    ThinkingRow {
        width: 440
        index: 5
        current: false
        selectedFrom: 0
        selectedTo: 0
        tone: Block.Live
        expandable: true
        expanded: false
        title: root.hostile
        body: root.hostile
    }

    ThoughtRow {
        width: 440
        index: 6
        current: false
        selectedFrom: 0
        selectedTo: 0
        style: Block.ListItem
        depth: 1
        marker: root.hostile
        body: root.hostile
        spans: [0, 2, 2]
        found: []
    }

    ToolCard {
        width: 440
        index: 7
        current: false
        selectedFrom: 0
        selectedTo: 0
        tone: Block.Failure
        last: true
        joined: false
        expandable: true
        expanded: true
        glyph: "tool"
        title: root.hostile
        body: root.hostile
        detail: root.hostile
    }

    CardBody {
        width: 440
        index: 8
        current: false
        selectedFrom: 0
        selectedTo: 0
        first: true
        last: true
        joined: false
        body: root.hostile
        found: []
    }

    AttachmentRow {
        width: 440
        index: 9
        current: false
        selectedFrom: 0
        selectedTo: 0
        last: true
        joined: false
        expandable: true
        expanded: false
        glyph: "image"
        title: root.hostile
        body: root.hostile
        detail: root.hostile
    }

    DecisionRow {
        width: 440
        index: 10
        current: false
        selectedFrom: 0
        selectedTo: 0
        tone: Block.Blocked
        comparison: Block.Closed
        first: true
        last: true
        joined: false
        glyph: "barred"
        title: root.hostile
        body: root.hostile
        detail: root.hostile
        matched: root.hostile
        marks: [1, 5]
        received: root.hostile
        receivedLabel: root.hostile
    }

    DiffRow {
        width: 440
        index: 11
        current: false
        selectedFrom: 0
        selectedTo: 0
        tone: Block.Changed
        comparison: Block.Beside
        first: true
        last: true
        title: ""
        marker: "−"
        body: root.hostile
        other: root.hostile
        marks: [0, 3]
        otherMarks: [1, 2]
    }

    NoticeRow {
        width: 440
        index: 12
        current: false
        selectedFrom: 0
        selectedTo: 0
        tone: Block.Failure
        glyph: "triangle"
        title: root.hostile
        body: root.hostile
    }

    FailureBar {
        width: 440
        height: implicitHeight
        error: root.hostile
    }

    PictureRow {
        width: 440
        index: 13
        current: false
        selectedFrom: 0
        selectedTo: 0
        last: true
        title: root.hostile
        picture: root.hostile
    }

    LinkBar {
        width: 440
        clipboard: fixture.clipboard
        address: root.hostile
    }
}

// SPDX-License-Identifier: Apache-2.0
import QtQuick

// A field as a row of the form's model.
FieldFrame {
    id: root

    required property int index
    required property int level
    required property string title
    required property string explanation
    required property string reason
    required property bool isNeeded
    required property bool canReset

    depth: root.level
    label: root.title
    help: root.explanation
    problem: root.reason
    needed: root.isNeeded
    resettable: root.canReset
}

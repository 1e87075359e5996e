// SPDX-License-Identifier: Apache-2.0
import QtQuick

// One place of the application: how it is called, and what is shown there.
QtObject {
    /// Kept in the settings; never shown.
    required property string name
    required property string glyph
    required property string text
    property string key: ""
    /// What waits there for a person; 0 = nothing.
    property int count: 0
    property bool atBottom: false
    /// Made when the page is shown first, kept after.
    required property Component content
    /// The made page, null before.
    property Item item: null
}

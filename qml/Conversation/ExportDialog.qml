// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Desktop

// Writes the session to a file: which form, where, and what came of it.
DialogFrame {
    id: root

    required property SessionExport exporter
    property string sessionId: ""
    readonly property ExportForm form: ExportForm {
        exporter: root.exporter
        sessionId: root.sessionId
        onDone: root.close()
    }

    function openFor(sessionId: string) {
        root.sessionId = sessionId;
        root.exporter.begin();
        root.form.begin();
        root.open();
    }

    width: 560
    closePolicy: root.exporter.running ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape

    contentItem: root.form
}

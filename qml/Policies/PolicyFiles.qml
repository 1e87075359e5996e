// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Policies from a file, or to one.
DialogFrame {
    id: root

    required property PolicyImport policyImport
    readonly property PolicyFileForm form: PolicyFileForm {
        policyImport: root.policyImport
        onDone: root.close()
    }

    function openFor(exports: bool) {
        root.form.begin(exports);
        root.open();
    }

    width: root.parent ? Math.min(600, root.parent.width - 2 * Theme.space5) : 600

    contentItem: root.form
}

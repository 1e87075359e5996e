// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Policies that come with the program: what each does, added in one click.
DialogFrame {
    id: root

    required property PresetsModel presets

    signal added(string policyId)

    width: root.parent ? Math.min(720, root.parent.width - 2 * Theme.space5) : 720
    height: root.parent ? Math.min(620, root.parent.height - 2 * Theme.space5) : 620

    contentItem: PresetList {
        presets: root.presets
        onAdded: policyId => root.added(policyId)
        onCloseWanted: root.close()
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The chain of policies, in the order they run, and the one that is looked at.
FocusScope {
    id: root

    required property PoliciesModel policies
    required property PolicyEditor editor
    required property TestBench bench
    required property BacktestModel backtest
    required property PolicyVersions versions
    required property PresetsModel presets
    required property PolicyImport policyImport
    /// The session that is open elsewhere, to try drafts on; empty = none.
    property string sessionId: ""

    signal callWanted(string sessionId, string callId)

    /// Whoever comes here looks at the first one that runs, unless something is open already.
    function enter() {
        if (root.visible && !root.editor.open && list.firstPolicy() !== "")
            root.editor.openPolicy(list.firstPolicy());
    }

    /// Shows a policy and puts the keyboard on its card.
    function show(policyId: string) {
        list.take(policyId);
        root.change(policyId);
    }

    /// Opens a policy, or a new one for an empty id; asks first if that would drop changes.
    function change(policyId: string) {
        if (root.editor.open && !root.editor.isNew && root.editor.policyId === policyId)
            return;
        if (!root.editor.unsaved)
            return root.open(policyId);
        discard.policyName = root.editor.name === "" ? root.editor.title : root.editor.name;
        discard.wantedId = policyId;
        discard.wantedTool = "";
        discard.open();
    }

    /// A new rule for a tool; asks first if that would drop changes.
    function makeRule(tool: string) {
        if (!root.editor.unsaved)
            return root.editor.openNewRule(tool);
        discard.policyName = root.editor.name === "" ? root.editor.title : root.editor.name;
        discard.wantedTool = tool;
        discard.open();
    }

    function open(policyId: string) {
        if (policyId === "")
            root.editor.openNew();
        else
            root.editor.openPolicy(policyId);
    }

    onVisibleChanged: root.enter()
    Component.onCompleted: root.enter()

    Rectangle {
        anchors.fill: parent
        anchors.rightMargin: root.width - list.width
        color: Theme.panel
    }

    ChainPane {
        id: list

        objectName: "chain"
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: Math.min(420, Math.max(380, root.width * 0.4))
        focus: true
        policies: root.policies
        editor: root.editor
        onPolicyWanted: policyId => root.change(policyId)
        onPresetsWanted: gallery.open()
        onImportWanted: files.openFor(false)
        onExportWanted: files.openFor(true)
        onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
    }

    Rule {
        id: edge

        anchors.left: list.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
    }

    PolicyEditorPane {
        anchors.left: edge.right
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        editor: root.editor
        bench: root.bench
        backtest: root.backtest
        versions: root.versions
        sessionId: root.sessionId
        onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
        onRemoveWanted: policyId => {
            question.policyId = policyId;
            question.open();
        }
    }

    PresetGallery {
        id: gallery

        presets: root.presets
        onAdded: policyId => {
            gallery.close();
            root.show(policyId);
        }
    }

    PolicyFiles {
        id: files

        policyImport: root.policyImport
    }

    DiscardQuestion {
        id: discard

        onConfirmed: {
            if (discard.wantedTool === "")
                root.open(discard.wantedId);
            else
                root.editor.openNewRule(discard.wantedTool);
        }
    }

    Connections {
        target: root.versions

        function onRestored(policyId: string) {
            root.editor.openPolicy(policyId);
        }
    }

    RemoveQuestion {
        id: question

        onConfirmed: {
            root.editor.close();
            root.policies.remove(question.policyId);
        }
    }
}

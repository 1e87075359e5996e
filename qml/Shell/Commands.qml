// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Desktop

// What can be done wherever one is; what belongs to one page is declared there. And the keys of all of it.
Item {
    id: root

    required property WindowParts parts
    required property Pages pages
    readonly property CommandBook book: root.parts.commands

    signal paletteWanted
    signal keysWanted
    signal quitWanted

    component AppearanceCommand: Command {
        property int scheme: Appearance.System

        book: root.book
        group: qsTr("Appearance")
        enabled: root.parts.appearance.scheme !== scheme
        onTriggered: root.parts.appearance.scheme = scheme
    }

    Command {
        book: root.book
        name: "palette"
        group: qsTr("Everywhere")
        text: qsTr("Command palette")
        keys: "Ctrl+K"
        onTriggered: root.paletteWanted()
    }

    Command {
        book: root.book
        name: "keys"
        group: qsTr("Everywhere")
        text: qsTr("Show all keys")
        keys: "?"
        onTriggered: root.keysWanted()
    }

    Command {
        book: root.book
        group: qsTr("Everywhere")
        text: qsTr("To the next thing that can be pressed, or back")
        keys: qsTr("Tab, Shift+Tab")
        onlyKeys: true
    }

    Command {
        book: root.book
        name: "proxy.pause"
        group: qsTr("Proxy")
        text: root.parts.proxy.paused ? qsTr("Let agents connect again") : qsTr("Pause: let no agent connect")
        onTriggered: root.parts.proxy.paused = !root.parts.proxy.paused
    }

    Command {
        book: root.book
        name: "quit"
        group: qsTr("Everywhere")
        text: qsTr("Quit Luthien")
        keys: "Ctrl+Q"
        onTriggered: root.quitWanted()
    }

    Repeater {
        model: root.pages.list
        delegate: Item {
            id: entry

            required property Page modelData

            Command {
                book: root.book
                name: "go." + entry.modelData.name
                group: qsTr("Go to")
                text: entry.modelData.text
                keys: entry.modelData.key
                onTriggered: root.pages.go(entry.modelData.name)
            }
        }
    }

    AppearanceCommand {
        name: "appearance.system"
        text: qsTr("As the desktop")
        scheme: Appearance.System
    }

    AppearanceCommand {
        name: "appearance.light"
        text: qsTr("Light")
        scheme: Appearance.Light
    }

    AppearanceCommand {
        name: "appearance.dark"
        text: qsTr("Dark")
        scheme: Appearance.Dark
    }

    Repeater {
        model: root.parts.policies
        delegate: PolicyCommands {
            policies: root.parts.policies
            book: root.book
        }
    }

    Repeater {
        model: root.parts.agents
        delegate: Item {
            id: agent

            required property string name
            required property string snippet

            Command {
                book: root.book
                name: "agent." + agent.name
                group: qsTr("Connect an agent")
                text: qsTr("Copy the text for %1").arg(agent.name)
                onTriggered: root.parts.clipboard.copy(agent.snippet)
            }
        }
    }

    // In a field a letter is a letter: there it never comes as far as here.
    Repeater {
        model: root.book
        delegate: Item {
            id: bound

            required property Command command

            Shortcut {
                sequence: bound.command.onlyKeys ? "" : bound.command.keys
                enabled: bound.command.enabled && !bound.command.onlyKeys
                onActivated: bound.command.trigger()
            }
        }
    }
}

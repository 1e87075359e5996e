// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/selected_session.h"
#include "desktop/controllers/tray_icon.h"
#include "desktop/models/conversation_model.h"
#include "desktop/window_parts.h"
#include "fake_sources.h"
#include "fake_tray.h"
#include "private_bus.h"

#include <QObject>

/// A whole window's parts: those that no page has alone are here, the others are named by whoever makes this.
class WindowFixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::WindowParts* parts READ parts CONSTANT)

public:
    WindowFixture()
    {
        m_parts.request = &m_request;
        m_parts.selected = &m_selected;
        m_parts.tray = &m_tray;
        for (QObject* each : std::initializer_list<QObject*>{&m_parts, &m_request, &m_selected, &m_tray})
            QQmlEngine::setObjectOwnership(each, QQmlEngine::CppOwnership);
    }
    [[nodiscard]] luthien::desktop::WindowParts* parts() { return &m_parts; }
    Q_INVOKABLE bool showTray() { return m_desktop.appear(); }
    Q_INVOKABLE void endTray() { m_desktop.go(); }
    /// The head is about this one, whatever conversation is open.
    Q_INVOKABLE void select(const QString& session)
    {
        luthien::store::SessionRow row;
        row.id = session.toStdString();
        m_selected.show(row);
    }

private:
    luthien::test::PrivateBus m_bus;
    luthien::test::FakeTray m_desktop{m_bus.connect(QStringLiteral("desktop"))};
    luthien::desktop::TrayIcon m_tray{m_bus.connect(QStringLiteral("program"))};
    luthien::test::FakeConversation m_requestSource{1};
    luthien::desktop::ConversationModel m_request{m_requestSource};
    luthien::desktop::SelectedSession m_selected;
    luthien::desktop::WindowParts m_parts;
};

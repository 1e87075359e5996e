// SPDX-License-Identifier: Apache-2.0
#include "desktop/window.h"

#include "desktop/controllers/agents.h"
#include "desktop/controllers/appearance.h"
#include "desktop/controllers/clipboard.h"
#include "desktop/controllers/demo_run.h"
#include "desktop/controllers/pending_approvals.h"
#include "desktop/controllers/policy_editor.h"
#include "desktop/controllers/proxy_status.h"
#include "desktop/controllers/selected_session.h"
#include "desktop/controllers/session_export.h"
#include "desktop/denied_network.h"
#include "desktop/icon_provider.h"
#include "desktop/models/conversation_model.h"
#include "desktop/models/policies_model.h"
#include "desktop/models/sessions_model.h"

#include <QQuickWindow>
#include <QtQml/qqmlextensionplugin.h>

Q_IMPORT_QML_PLUGIN(Luthien_DesktopPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Luthien_ControlsPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_SessionsPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_ConversationPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_PoliciesPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_DemoPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_FirstRunPlugin)
Q_IMPORT_QML_PLUGIN(Luthien_ShellPlugin)

namespace luthien::desktop {

using namespace Qt::StringLiterals;

Window::Window(WindowParts parts)
    : m_parts(parts)
    , m_network(std::make_unique<DeniedNetwork>())
{
    m_engine.setNetworkAccessManagerFactory(m_network.get());
    m_engine.addImageProvider(u"icons"_s, new IconProvider); // the engine owns it
    m_engine.addImportPath(u"qrc:/qt/qml"_s);
}

Window::~Window() = default;

bool Window::load()
{
    const auto object = [](QObject& part) { return QVariant::fromValue(&part); };
    m_engine.setInitialProperties({{u"sessions"_s, object(m_parts.sessions)},
                                   {u"conversation"_s, object(m_parts.conversation)},
                                   {u"selected"_s, object(m_parts.selected)},
                                   {u"proxy"_s, object(m_parts.proxy)},
                                   {u"appearance"_s, object(m_parts.appearance)},
                                   {u"agents"_s, object(m_parts.agents)},
                                   {u"clipboard"_s, object(m_parts.clipboard)},
                                   {u"policies"_s, object(m_parts.policies)},
                                   {u"editor"_s, object(m_parts.editor)},
                                   {u"approvals"_s, object(m_parts.approvals)},
                                   {u"demo"_s, object(m_parts.demo)},
                                   {u"exporter"_s, object(m_parts.exporter)}});
    m_engine.load(QUrl(u"qrc:/qt/qml/Luthien/Shell/Main.qml"_s));
    return !m_engine.rootObjects().isEmpty();
}

void Window::raise()
{
    for (QObject* root : m_engine.rootObjects()) {
        if (auto* window = qobject_cast<QQuickWindow*>(root)) {
            window->show();
            window->raise();
            window->requestActivate();
        }
    }
}

} // namespace luthien::desktop

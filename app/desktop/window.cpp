// SPDX-License-Identifier: Apache-2.0
#include "desktop/window.h"

#include "desktop/controllers/window_state.h"
#include "desktop/denied_network.h"
#include "desktop/icon_provider.h"
#include "desktop/window_parts.h"

#include <QGuiApplication>
#include <qml_plugins.h>
#include <QQuickWindow>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

Window::Window(WindowParts& parts)
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
    m_engine.setInitialProperties({{u"parts"_s, QVariant::fromValue(&m_parts)}});
    m_engine.load(QUrl(u"qrc:/qt/qml/Luthien/Shell/Main.qml"_s));
    const auto roots = m_engine.rootObjects();
    for (QObject* root : roots)
        if (auto* window = qobject_cast<QQuickWindow*>(root))
            m_parts.windowState->follow(*window);
    return !roots.isEmpty();
}

bool Window::isActive() const
{
    const QWindow* focused = QGuiApplication::focusWindow();
    return focused != nullptr && focused->isVisible();
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

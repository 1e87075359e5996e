// SPDX-License-Identifier: Apache-2.0
#include "desktop/port_question.h"

#include "desktop/controllers/appearance.h"
#include "desktop/denied_network.h"
#include "desktop/icon_provider.h"
#include "desktop/models/visible_text.h"
#include "runtime/taken_port.h"

#include <QGuiApplication>
#include <QQmlApplicationEngine>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr int kUseFree = 1;
}

PortQuestion::PortQuestion(const runtime::Endpoint& taken, const runtime::Endpoint& free, const QString& settingsFile)
    : m_taken(QString::fromStdString(taken.toString()))
    , m_holder(visibleText(runtime::portHolder(taken.port)))
    , m_free(QString::fromStdString(free.toString()))
    , m_isDark(Appearance(settingsFile).isDark())
{
}

bool PortQuestion::ask()
{
    DeniedNetwork network;
    QQmlApplicationEngine engine;
    engine.setNetworkAccessManagerFactory(&network);
    engine.addImageProvider(u"icons"_s, new IconProvider); // the engine owns it
    engine.addImportPath(u"qrc:/qt/qml"_s);
    engine.setInitialProperties({{u"question"_s, QVariant::fromValue(this)}});
    engine.load(QUrl(u"qrc:/qt/qml/Luthien/Shell/PortQuestionWindow.qml"_s));
    return !engine.rootObjects().isEmpty() && QGuiApplication::exec() == kUseFree;
}

void PortQuestion::answer(bool useFree)
{
    QCoreApplication::exit(useFree ? kUseFree : 0);
}

} // namespace luthien::desktop

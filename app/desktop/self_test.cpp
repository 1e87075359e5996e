// SPDX-License-Identifier: Apache-2.0
#include "desktop/self_test.h"

#include "desktop/controllers/appearance.h"
#include "desktop/window_parts.h"

#include <QDirIterator>
#include <QGuiApplication>
#include <QMutex>
#include <QQmlComponent>
#include <QQuickWindow>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
// A message handler is a plain function: what it collects has to live outside of any object.
QMutex warningsMutex;
QStringList warnings;
QtMessageHandler previousHandler = nullptr;

void collect(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    if (type != QtDebugMsg && type != QtInfoMsg) {
        const QMutexLocker lock(&warningsMutex);
        warnings += message;
    }
    if (previousHandler != nullptr)
        previousHandler(type, context, message);
}

/// Lets the window lay out, draw and answer.
void settle(QQuickWindow& window)
{
    for (int turn = 0; turn < 5; ++turn)
        QCoreApplication::processEvents();
    if (window.grabWindow().isNull())
        warnings += u"a page drew nothing"_s;
}
} // namespace

WarningLog::WarningLog()
{
    previousHandler = qInstallMessageHandler(collect);
}

WarningLog::~WarningLog()
{
    qInstallMessageHandler(previousHandler);
}

QStringList WarningLog::lines() const
{
    const QMutexLocker lock(&warningsMutex);
    return warnings;
}

QStringList tryAllPages(Window& window)
{
    QStringList problems;
    int files = 0;
    for (QDirIterator file(u":/qt/qml/Luthien"_s, {u"*.qml"_s}, QDir::Files, QDirIterator::Subdirectories);
         file.hasNext();) {
        const QUrl url(u"qrc"_s + file.next());
        QQmlComponent component(&window.engine(), url);
        ++files;
        if (component.isError())
            problems += component.errorString();
    }
    if (files == 0)
        problems += u"there are no pages"_s;
    for (QObject* root : window.engine().rootObjects()) {
        auto* shown = qobject_cast<QQuickWindow*>(root);
        auto* parts = root->property("parts").value<WindowParts*>();
        if (shown == nullptr || parts == nullptr)
            continue;
        const QStringList places = root->property("placeNames").toStringList();
        if (places.isEmpty())
            problems += u"there are no places"_s;
        for (const auto scheme : {Appearance::Scheme::Light, Appearance::Scheme::Dark}) {
            parts->appearance->setScheme(scheme);
            for (const QString& place : places) {
                root->setProperty("place", place);
                settle(*shown);
            }
        }
    }
    return problems;
}

} // namespace luthien::desktop

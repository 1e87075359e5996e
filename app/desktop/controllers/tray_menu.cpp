// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/tray_menu.h"

namespace luthien::desktop {

using namespace Qt::StringLiterals;

TrayMenu::TrayMenu(QObject* parent)
    : QDBusAbstractAdaptor(parent)
{
    setAutoRelaySignals(false);
}

void TrayMenu::setPaused(bool paused)
{
    if (paused == m_isPaused)
        return;
    m_isPaused = paused;
    Q_EMIT LayoutUpdated(++m_revision, Root);
}

QVariantMap TrayMenu::propertiesOf(int id) const
{
    switch (id) {
    case Open:
        return {{u"label"_s, tr("Open Luthien")}};
    case Pause:
        return {{u"label"_s, m_isPaused ? tr("Let agents connect again") : tr("Pause the proxy")}};
    case Quit:
        return {{u"label"_s, tr("Quit")}};
    default:
        return {{u"children-display"_s, u"submenu"_s}};
    }
}

uint TrayMenu::GetLayout(int parentId, int depth, const QStringList& /*names*/, TrayMenuLayout& layout)
{
    layout = {.id = parentId, .properties = propertiesOf(parentId)};
    if (parentId == Root && depth != 0)
        for (const int id : {Open, Pause, Quit})
            layout.children.append(QVariant::fromValue(TrayMenuLayout{.id = id, .properties = propertiesOf(id)}));
    return m_revision;
}

TrayMenuItems TrayMenu::GetGroupProperties(const QList<int>& ids, const QStringList& /*names*/)
{
    TrayMenuItems items;
    for (const int id :
         ids.isEmpty() ? QList<int>{Root, Open, Pause, Quit} : ids.first(qMin<qsizetype>(ids.size(), 16)))
        items.append({.id = id, .properties = propertiesOf(id)});
    return items;
}

QDBusVariant TrayMenu::GetProperty(int id, const QString& name)
{
    return QDBusVariant(propertiesOf(id).value(name, QString()));
}

void TrayMenu::Event(int id, const QString& kind, const QDBusVariant& /*data*/, uint /*time*/)
{
    if (kind == "clicked"_L1)
        Q_EMIT chosen(id);
}

bool TrayMenu::AboutToShow(int /*id*/)
{
    return false; // nothing has changed that was not announced
}

} // namespace luthien::desktop

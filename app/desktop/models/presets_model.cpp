// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/presets_model.h"

#include "base/logging.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"
#include "runtime/policy_yaml.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
/// The comment at a preset's head, as one text.
QString commentOf(const QString& text)
{
    QStringList words;
    for (const QString& line : text.split(u'\n')) {
        if (!line.startsWith(u'#'))
            break;
        if (!line.contains(u"SPDX-License-Identifier"_s))
            words += line.mid(1).trimmed();
    }
    return words.join(u' ');
}
} // namespace

PresetsModel::PresetsModel(PolicySource& source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
{
    for (const QFileInfo& info : QDir(u":/presets"_s).entryInfoList({u"*.yaml"_s}, QDir::Files, QDir::Name)) {
        QFile file(info.filePath());
        const QByteArray text = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        auto written = runtime::writtenPoliciesFrom(text.toStdString(), info.filePath().toStdString());
        if (!written) {
            qCWarning(lcDesktop).noquote() << QString::fromStdString(written.error().toString());
            continue;
        }
        for (runtime::WrittenPolicy& policy : *written)
            m_presets.push_back({std::move(policy.definition), commentOf(QString::fromUtf8(text))});
    }
    std::ranges::sort(m_presets, {}, [](const Preset& each) { return each.definition.name; });
    connect(&source, &PolicySource::changed, this, [this] {
        if (count() > 0)
            Q_EMIT dataChanged(index(0), index(count() - 1), {AddedRole});
    });
}

QString PresetsModel::add(int row)
{
    if (row < 0 || row >= count())
        return {};
    policy::Definition definition = m_presets[static_cast<std::size_t>(row)].definition;
    definition.id = m_source.unusedId(definition.id);
    definition.mode = policy::PolicyMode::Shadow;
    const auto done = m_source.save(definition);
    m_problem = done ? QString() : tr("Not added: %1").arg(visibleText(done.error().toString()));
    Q_EMIT changed();
    return done ? fromUtf8(definition.id) : QString();
}

bool PresetsModel::isAdded(const policy::Definition& definition) const
{
    const auto all = m_source.policies();
    return std::ranges::any_of(all, [&](const ListedPolicy& each) {
        return each.definition.type == definition.type && each.definition.config == definition.config;
    });
}

int PresetsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant PresetsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Preset& preset = m_presets[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case TitleRole:
        return fromUtf8(preset.definition.name.empty() ? preset.definition.id : preset.definition.name);
    case TypeRole:
        return fromUtf8(preset.definition.type);
    case PurposeRole:
        return preset.purpose;
    case AddedRole:
        return isAdded(preset.definition);
    }
    return {};
}

QHash<int, QByteArray> PresetsModel::roleNames() const
{
    return {{TitleRole, "title"}, {TypeRole, "type"}, {PurposeRole, "purpose"}, {AddedRole, "added"}};
}

} // namespace luthien::desktop

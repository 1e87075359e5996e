// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policy_versions.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"
#include "runtime/policy_yaml.h"

#include <QDateTime>
#include <QLocale>

#include <chrono>

namespace luthien::desktop {

using namespace std::chrono_literals;

namespace {
constexpr int kShortVersion = 8;
constexpr auto kRetryAfter = 250ms;
constexpr int kMaxRetries = 20;

/// As its file would have it: a script in lines.
std::string textOf(std::string_view definition)
{
    const auto read = policy::definitionFromJson(definition);
    return read ? runtime::toYaml({*read}) : std::string(definition);
}

QString meansText(std::string_view source)
{
    if (source == "window")
        return PolicyVersions::tr("in the window");
    if (source == "api")
        return PolicyVersions::tr("over the API");
    if (source == "cli")
        return PolicyVersions::tr("on the command line");
    if (source == "file")
        return PolicyVersions::tr("in the configuration file");
    return source == "start" ? PolicyVersions::tr("when the program started") : visibleText(source);
}
} // namespace

PolicyVersions::PolicyVersions(PolicyHistorySource& history, PolicySource& policies, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(history)
    , m_policies(policies)
{
    QQmlEngine::setObjectOwnership(&m_difference, QQmlEngine::CppOwnership);
    m_retry.setSingleShot(true);
    m_retry.setInterval(kRetryAfter);
    connect(&m_retry, &QTimer::timeout, this, &PolicyVersions::load);
    connect(&history, &PolicyHistorySource::loaded, this, [this](const auto& loaded) { take(*loaded); });
    connect(&policies, &PolicySource::changed, this, &PolicyVersions::follow);
}

void PolicyVersions::setPolicyId(const QString& id)
{
    if (id == m_policyId)
        return;
    m_policyId = id;
    m_problem.clear();
    m_isLoading = m_isCut = false;
    m_retries = 0;
    m_retry.stop();
    beginResetModel();
    m_rows.clear();
    endResetModel();
    m_selected = -1;
    compare();
    if (!id.isEmpty())
        load();
    Q_EMIT changed();
}

void PolicyVersions::load()
{
    m_isLoading = true;
    m_source.load(m_policyId.toStdString());
}

void PolicyVersions::follow()
{
    if (m_policyId.isEmpty())
        return;
    m_retries = 0;
    load();
    Q_EMIT changed();
}

void PolicyVersions::take(const LoadedPolicyHistory& history)
{
    if (fromUtf8(history.policyId) != m_policyId)
        return;
    m_isLoading = false;
    m_isCut = history.isCut;
    m_problem = history.error;
    const int grown = static_cast<int>(history.rows.size()) - count();
    beginResetModel();
    m_rows = history.rows;
    endResetModel();
    // What is looked at stays what it is.
    m_selected = m_rows.empty() ? -1 : std::clamp(m_selected < 0 ? 0 : m_selected + grown, 0, count() - 1);
    compare();
    const auto current = now();
    const bool isBehind = current && (m_rows.empty() || m_rows.front().change.version != current->version ||
                                      m_rows.front().change.mode != current->definition.mode);
    if (isBehind && history.error.isEmpty() && m_retries++ < kMaxRetries)
        m_retry.start();
    Q_EMIT changed();
}

void PolicyVersions::setSelected(int row)
{
    if (row < 0 || row >= count() || row == m_selected)
        return;
    m_selected = row;
    compare();
    Q_EMIT changed();
}

void PolicyVersions::setAgainstNow(bool againstNow)
{
    m_isAgainstNow = againstNow;
    compare();
    Q_EMIT changed();
}

void PolicyVersions::compare()
{
    if (m_selected < 0)
        return m_difference.compare({}, {});
    const auto at = m_rows.begin() + m_selected;
    const std::string selected = textOf(at->definition);
    if (const auto current = now(); m_isAgainstNow && current) {
        // What bringing it back would change; the mode stays.
        auto definition = policy::definitionFromJson(at->definition);
        if (definition)
            definition->mode = current->definition.mode;
        return m_difference.compare(runtime::toYaml({current->definition}),
                                    definition ? runtime::toYaml({*definition}) : selected);
    }
    const auto before = std::find_if(
        at, m_rows.end(), [&](const store::PolicyChangeRow& row) { return row.change.version != at->change.version; });
    m_difference.compare(before == m_rows.end() ? std::string() : textOf(before->definition), selected);
}

std::optional<ListedPolicy> PolicyVersions::now() const
{
    for (const ListedPolicy& each : m_policies.policies())
        if (fromUtf8(each.definition.id) == m_policyId)
            return each;
    return std::nullopt;
}

bool PolicyVersions::canRestore() const
{
    const auto current = now();
    if (m_selected < 0 || (current && current->isFromFile))
        return false;
    const store::PolicyChangeRow& row = m_rows[static_cast<std::size_t>(m_selected)];
    return !row.definition.empty() && (!current || current->version != row.change.version);
}

void PolicyVersions::restore()
{
    if (!canRestore())
        return;
    auto definition = policy::definitionFromJson(m_rows[static_cast<std::size_t>(m_selected)].definition);
    const auto current = now();
    if (definition && current)
        definition->mode = current->definition.mode;
    const auto done = definition ? m_policies.save(*definition) : Result<void>(definition.error());
    m_problem = done ? QString() : tr("Not restored: %1").arg(visibleText(done.error().toString()));
    Q_EMIT changed();
    if (done)
        Q_EMIT restored(m_policyId);
}

QString PolicyVersions::whatOf(std::size_t row) const
{
    const store::PolicyChange& change = m_rows[row].change;
    if (row + 1 == m_rows.size())
        return m_isCut ? QString() : tr("added");
    const store::PolicyChange& before = m_rows[row + 1].change;
    if (before.version == change.version)
        return change.mode == conversation::PolicyMode::Off      ? tr("switched off")
               : change.mode == conversation::PolicyMode::Shadow ? tr("to shadow")
                                                                 : tr("to enforce");
    for (std::size_t older = row + 1; older < m_rows.size(); ++older)
        if (m_rows[older].change.version == change.version)
            return tr("an older version again");
    return tr("new version");
}

int PolicyVersions::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant PolicyVersions::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const store::PolicyChange& change = m_rows[static_cast<std::size_t>(index.row())].change;
    switch (static_cast<Role>(role)) {
    case VersionRole:
        return fromUtf8(change.version).left(kShortVersion);
    case ModeRole:
        return static_cast<int>(change.mode);
    case TimeRole:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMicros(change.at) / 1000), QLocale::ShortFormat);
    case AuthorRole:
        return change.author.empty() ? meansText(change.source)
                                     : tr("%1, by %2").arg(meansText(change.source), visibleText(change.author));
    case CurrentRole: {
        const auto current = now();
        return current && current->version == change.version;
    }
    case WhatRole:
        return whatOf(static_cast<std::size_t>(index.row()));
    }
    return {};
}

QHash<int, QByteArray> PolicyVersions::roleNames() const
{
    return {{VersionRole, "version"}, {ModeRole, "mode"},       {TimeRole, "time"},
            {AuthorRole, "author"},   {CurrentRole, "current"}, {WhatRole, "what"}};
}

} // namespace luthien::desktop

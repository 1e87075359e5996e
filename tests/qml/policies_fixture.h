// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/policy_check.h"
#include "archive/rehearsal.h"
#include "desktop/controllers/test_bench.h"
#include "desktop/models/backtest_model.h"
#include "desktop/models/policies_model.h"
#include "desktop/models/policy_import.h"
#include "desktop/models/policy_versions.h"
#include "desktop/models/presets_model.h"
#include "fake_policies.h"
#include "fake_policy_history.h"

#include <QFile>
#include <QObject>

/// What stands around the policies on their page. Drafts are tried by the real policies; scripts, which need a process,
/// are played.
class PoliciesFixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::PoliciesModel* policies READ policies CONSTANT)
    Q_PROPERTY(luthien::desktop::PolicyEditor* editor READ editor CONSTANT)
    Q_PROPERTY(luthien::desktop::TestBench* bench READ bench CONSTANT)
    Q_PROPERTY(luthien::desktop::BacktestModel* backtest READ backtest CONSTANT)
    Q_PROPERTY(luthien::desktop::PolicyVersions* versions READ versions CONSTANT)
    Q_PROPERTY(luthien::desktop::PresetsModel* presets READ presets CONSTANT)
    Q_PROPERTY(luthien::desktop::PolicyImport* policyImport READ policyImport CONSTANT)
    Q_PROPERTY(QString order READ order)

public:
    PoliciesFixture(const luthien::Clock& clock, QString directory, const QString& hostile)
        : m_directory(std::move(directory))
        , m_backtest(m_editor, m_trials, m_values, clock)
    {
        using luthien::policy::PolicyMode;
        m_source.add({.id = "from-file", .type = "noop", .mode = PolicyMode::Enforce}, true);
        m_source.add({.id = "sql", .type = "destructive-sql", .name = hostile.toStdString()});
        m_source.add({.id = "rules", .type = "tool-rules", .config = R"({"rules":[{"do":"allow"}]})"});
        m_source.add(
            {.id = "tool-rules", .type = "tool-rules", .config = R"({"rules":[{"tool":"Bash","do":"deny"}]})"});
        luthien::policy::Definition changed{.id = "rules", .type = "tool-rules"};
        changed.config = R"({"rules":[{"do":"deny"}]})";
        (void)m_source.save(changed);
        for (QObject* each : std::initializer_list<QObject*>{&m_policies, &m_editor, &m_bench, &m_backtest, &m_versions,
                                                             &m_presets, &m_import})
            QQmlEngine::setObjectOwnership(each, QQmlEngine::CppOwnership);
    }
    [[nodiscard]] luthien::desktop::PoliciesModel* policies() { return &m_policies; }
    [[nodiscard]] luthien::desktop::PolicyEditor* editor() { return &m_editor; }
    /// The configuration a policy was saved with last.
    [[nodiscard]] Q_INVOKABLE QString configOf(const QString& id) const
    {
        for (const auto& each : m_source.policies())
            if (each.definition.id == id.toStdString())
                return QString::fromStdString(each.definition.config);
        return {};
    }
    [[nodiscard]] luthien::desktop::TestBench* bench() { return &m_bench; }
    [[nodiscard]] luthien::desktop::BacktestModel* backtest() { return &m_backtest; }
    [[nodiscard]] luthien::desktop::PolicyVersions* versions() { return &m_versions; }
    [[nodiscard]] luthien::desktop::PresetsModel* presets() { return &m_presets; }
    [[nodiscard]] luthien::desktop::PolicyImport* policyImport() { return &m_import; }
    /// The ids of the chain.
    [[nodiscard]] QString order() const
    {
        QStringList ids;
        for (const auto& each : m_source.policies())
            ids += QString::fromStdString(each.definition.id);
        return ids.join(u' ');
    }
    Q_INVOKABLE int answerHistory() { return m_history.answer(); }
    /// Writes a file of the test's own; returns its path.
    Q_INVOKABLE QString write(const QString& text) const
    {
        QFile file(m_directory + QStringLiteral("/import.yaml"));
        if (file.open(QIODevice::WriteOnly))
            file.write(text.toUtf8());
        return file.fileName();
    }
    Q_INVOKABLE QString pathOf(const QString& name) const { return m_directory + u'/' + name; }
    /// How many recorded calls would end otherwise in the next backtest.
    Q_INVOKABLE void setChanges(int changes) { m_changes = changes; }

private:
    using Lines = std::vector<std::string>;

    [[nodiscard]] luthien::Result<Lines> check(const luthien::policy::Definition& draft, const Lines& lines) const
    {
        using namespace luthien;
        if (draft.type == "javascript" && draft.config.find("broken") != std::string::npos)
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "line 2: Unexpected token",
                         .context = "policies[" + draft.id + "].config.source"};
        if (draft.type == "javascript")
            return Lines();
        auto rehearsal = archive::Rehearsal::make(m_source.types(), {draft}, {}, archive::Models::Silent);
        if (!rehearsal)
            return rehearsal.error();
        Lines said;
        for (const std::string& line : lines)
            said.push_back(archive::checkLine(**rehearsal, said.size() + 1, line).json);
        return said;
    }
    [[nodiscard]] luthien::Result<luthien::archive::BacktestSummary>
    backtest(const luthien::archive::BacktestSinks& sinks) const
    {
        using namespace luthien;
        archive::BacktestSummary summary{.calls = 1000, .changed = static_cast<std::uint64_t>(m_changes)};
        for (int i = 0; i < m_changes; ++i)
            sinks.change({.call = CallId::make(fromMicros(1'790'000'000'000'000 + i)),
                          .at = fromMicros(1'790'000'000'000'000 + i),
                          .session = "s" + std::to_string(i),
                          .would = conversation::Verdict::Block,
                          .policy = "rules",
                          .reason = "why not"});
        if (!sinks.progress(1000, 1000))
            return Error{.code = ErrorCode::Timeout, .message = "stopped"};
        return summary;
    }

    luthien::test::FakePolicies m_source;
    luthien::test::FakePolicyHistory m_history{m_source};
    luthien::desktop::PoliciesModel m_policies{m_source};
    luthien::desktop::PolicyEditor m_editor{m_source};
    QString m_directory;
    int m_changes = 3;
    luthien::desktop::KnownValues m_values;
    luthien::desktop::PolicyTrials m_trials{
        .backtest = [this](const auto&, const auto& sinks) { return backtest(sinks); },
        .check = [this](const auto& draft, const auto& lines, const auto&) { return check(draft, lines); },
        .recordedLines =
            [](const std::string&, std::size_t) {
                return luthien::Result<Lines>(Lines{R"({"tool":"Bash","arguments":{"command":"rm"}})"});
            }};
    luthien::desktop::TestBench m_bench{m_editor, m_trials};
    luthien::desktop::BacktestModel m_backtest;
    luthien::desktop::PolicyVersions m_versions{m_history, m_source};
    luthien::desktop::PresetsModel m_presets{m_source};
    luthien::desktop::PolicyImport m_import{m_source};
};

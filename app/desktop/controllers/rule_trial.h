// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/rule_preview.h"

#include <QObject>
#include <QQmlEngine>
#include <QThreadPool>

#include <functional>
#include <stop_token>

namespace luthien::desktop {

/// What a rule of approvals would have matched, or did match, in what was recorded, in lines. Thread: GUI.
class RuleTrial : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString text READ text NOTIFY changed FINAL)

public:
    /// Tries a rule on the past; called on another thread, one at a time. It looks at the token.
    using TryRule = std::function<Result<archive::RulePreview>(const policy::ApprovalRule&, const std::stop_token&)>;

    /// The clock outlives this object.
    RuleTrial(const Clock& clock, TryRule tryRule, QObject* parent = nullptr);
    /// Gives up what runs, and waits for it.
    ~RuleTrial() override;

    /// What was asked for before counts no more. \{
    void look(const policy::ApprovalRule& rule);
    void stop(const QString& text = {});
    /// \}
    /// While nobody knows yet, that it is looked up.
    [[nodiscard]] QString text() const { return m_text; }

Q_SIGNALS:
    void changed();

private:
    void take(const Result<archive::RulePreview>& seen);
    [[nodiscard]] QString lineOf(const archive::RuleMatch& match) const;

    const Clock& m_clock;
    TryRule m_tryRule;
    QString m_text;
    std::uint64_t m_lookups = 0; ///< the newest one counts
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace luthien::desktop

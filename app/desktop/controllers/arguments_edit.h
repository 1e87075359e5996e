// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/changed_lines.h"
#include "policy/approval.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>
#include <QTimer>

#include <optional>

namespace luthien::desktop {

/// Other arguments for the tool call that a person is asked about, while they are written. Thread: GUI.
class ArgumentsEdit : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool open READ isOpen NOTIFY changed FINAL)
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> warnings READ warnings NOTIFY changed FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::ChangedLines* changes READ changes CONSTANT FINAL)

public:
    explicit ArgumentsEdit(QObject* parent = nullptr);

    /// The question they are for; nullopt = none. Another one than before ends the edit.
    void follow(const std::optional<policy::Approval>& question);
    /// Begins with what the model wrote, and drops what was written before.
    Q_INVOKABLE void begin();
    Q_INVOKABLE void close();

    [[nodiscard]] bool isOpen() const noexcept { return m_isOpen; }
    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    /// Why they cannot be given; empty = they can.
    [[nodiscard]] QString problem() const { return m_problem; }
    /// What in them deceives the eye, a sentence each.
    [[nodiscard]] QStringList warnings() const { return m_warnings; }
    /// They can be given, and are others than the model's.
    [[nodiscard]] bool isReady() const noexcept { return m_isOpen && m_problem.isEmpty() && m_text != m_original; }
    /// What is changed, a moment after it was written.
    [[nodiscard]] ChangedLines* changes() { return &m_changes; }
    [[nodiscard]] policy::ApprovalAnswer answer() const;

Q_SIGNALS:
    void changed();

private:
    void check();

    std::optional<policy::Approval> m_question;
    bool m_isOpen = false;
    QString m_original, m_text, m_problem;
    QStringList m_warnings;
    ChangedLines m_changes;
    QTimer m_compares;
};

} // namespace luthien::desktop

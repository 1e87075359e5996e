// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/approval_texts.h"
#include "desktop/models/exposed_text.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>

#include <optional>

namespace luthien::desktop {

/// The tool call that a person is asked about, with everything that is needed to judge it, as it has to be shown:
/// whole, and with nothing in it that hides. Thread: GUI.
class AskedCall : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString id READ id NOTIFY changed FINAL)
    Q_PROPERTY(QString tool READ tool NOTIFY changed FINAL)
    Q_PROPERTY(QString arguments READ arguments NOTIFY changed FINAL)
    Q_PROPERTY(QList<int> argumentMarks READ argumentMarks NOTIFY changed FINAL)
    Q_PROPERTY(QString written READ written NOTIFY changed FINAL)
    Q_PROPERTY(QList<int> writtenMarks READ writtenMarks NOTIFY changed FINAL)
    Q_PROPERTY(QString length READ length NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> warnings READ warnings NOTIFY changed FINAL)
    Q_PROPERTY(QString policy READ policy NOTIFY changed FINAL)
    Q_PROPERTY(QString reason READ reason NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> found READ found NOTIFY changed FINAL)
    Q_PROPERTY(QString origin READ origin NOTIFY changed FINAL)
    Q_PROPERTY(QString userText READ userText NOTIFY changed FINAL)
    Q_PROPERTY(QString callId READ callId NOTIFY changed FINAL)
    Q_PROPERTY(QString sessionId READ sessionId NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::asked::State state READ state NOTIFY stood FINAL)
    Q_PROPERTY(QString outcome READ outcome NOTIFY stood FINAL)

public:
    using QObject::QObject;

    /// Nullopt = nothing is shown. The same one again only changes how it stands.
    void show(const std::optional<policy::Approval>& approval);
    [[nodiscard]] const std::optional<policy::Approval>& approval() const noexcept { return m_approval; }

    [[nodiscard]] QString id() const;
    [[nodiscard]] QString tool() const { return m_tool; }
    /// All of them to be read, and as they were written; marked where they are not what they look like. \{
    [[nodiscard]] QString arguments() const { return m_readable.text; }
    [[nodiscard]] QList<int> argumentMarks() const { return m_readable.marks; }
    [[nodiscard]] QString written() const { return m_written.text; }
    [[nodiscard]] QList<int> writtenMarks() const { return m_written.marks; }
    /// \}
    /// "12,400 characters"
    [[nodiscard]] QString length() const { return m_length; }
    /// What in the arguments deceives the eye, a sentence each.
    [[nodiscard]] QStringList warnings() const { return m_readable.warnings; }
    [[nodiscard]] QString policy() const { return m_policy; }
    [[nodiscard]] QString reason() const { return m_reason; }
    /// What the policy found, with its place: "command: rm -rf".
    [[nodiscard]] QStringList found() const { return m_found; }
    [[nodiscard]] QString origin() const { return m_origin; }
    /// What the person said last.
    [[nodiscard]] QString userText() const { return m_userText; }
    [[nodiscard]] QString callId() const;
    [[nodiscard]] QString sessionId() const;
    [[nodiscard]] asked::State state() const;
    [[nodiscard]] QString outcome() const;

Q_SIGNALS:
    void changed(); ///< another one is shown
    void stood();   ///< it stands otherwise

private:
    void read();

    std::optional<policy::Approval> m_approval;
    ExposedText m_readable, m_written;
    QString m_tool, m_length, m_policy, m_reason, m_origin, m_userText;
    QStringList m_found;
};

} // namespace luthien::desktop

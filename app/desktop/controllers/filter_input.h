// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/known_values.h"
#include "filter/expression.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>
#include <QTimer>

namespace luthien::desktop {

/// A field in which a filter is typed: what may come next, what is wrong and where, and the filter itself once the
/// typing rests. Places are UTF-16 units, as a text field counts. Thread: GUI.
class FilterInput : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY judged FINAL)
    Q_PROPERTY(int errorStart READ errorStart NOTIFY judged FINAL)
    Q_PROPERTY(int errorLength READ errorLength NOTIFY judged FINAL)
    Q_PROPERTY(QString meaning READ meaning NOTIFY judged FINAL)
    Q_PROPERTY(QStringList candidates READ candidates NOTIFY candidatesChanged FINAL)
    Q_PROPERTY(QStringList helps READ helps NOTIFY candidatesChanged FINAL)

public:
    /// values outlives this.
    explicit FilterInput(const KnownValues& values, QObject* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    /// One sentence; empty = the text is a filter. \{
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] int errorStart() const noexcept { return m_errorStart; }
    [[nodiscard]] int errorLength() const noexcept { return m_errorLength; } ///< 1 at least
    /// \}
    [[nodiscard]] QString meaning() const { return m_meaning; } ///< in plain English; empty = everything
    [[nodiscard]] QStringList candidates() const { return m_candidates; }
    [[nodiscard]] QStringList helps() const { return m_helps; } ///< a line for each candidate
    [[nodiscard]] const filter::Expression& filter() const noexcept { return m_filter; }

    /// Offers what may stand at the cursor.
    Q_INVOKABLE void complete(int cursor);
    /// Puts a candidate where it belongs. Returns where the cursor stands then.
    Q_INVOKABLE int accept(int candidate);
    Q_INVOKABLE void dismiss();
    /// Judges the text now.
    Q_INVOKABLE void apply();
    /// And only what has this value, too.
    Q_INVOKABLE void narrow(const QString& predicate, const QString& value);

Q_SIGNALS:
    void textChanged();
    void judged();
    void candidatesChanged();
    void filterChanged();

private:
    const KnownValues& m_values;
    QString m_text;
    QString m_error;
    int m_errorStart = 0;
    int m_errorLength = 0;
    QString m_meaning;
    filter::Expression m_filter;
    std::size_t m_from = 0;           ///< bytes: what a candidate takes the place of
    std::size_t m_length = 0;         ///< bytes
    std::vector<std::string> m_texts; ///< of the candidates, as they are
    QStringList m_candidates;
    QStringList m_helps;
    QTimer m_rest;
};

} // namespace luthien::desktop

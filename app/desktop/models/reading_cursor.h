// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPersistentModelIndex>
#include <QQmlEngine>

namespace luthien::desktop {

class ConversationModel;

/// The row of a conversation that a reader is at, and the ways to go on from it. Where the rows at hand end, the record
/// is asked for the next such call. Thread: GUI.
class ReadingCursor : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("of a conversation")
    Q_PROPERTY(int row READ row NOTIFY moved FINAL)
    Q_PROPERTY(QString notice READ notice NOTIFY noticeChanged FINAL)

public:
    enum Target { Turn, Tool, Decision };
    Q_ENUM(Target)

    explicit ReadingCursor(ConversationModel& model);

    /// -1 = nowhere.
    [[nodiscard]] int row() const { return m_row.isValid() ? m_row.row() : -1; }
    /// Why a jump led nowhere; empty = it did not.
    [[nodiscard]] QString notice() const { return m_notice; }
    void setNotice(const QString& notice);

    /// Without bringing it on screen: the reader points at it.
    Q_INVOKABLE void rest(int row);
    Q_INVOKABLE void moveTo(int row);
    /// To a row that somebody asked for by name: it is brought to the middle and marked for a moment.
    Q_INVOKABLE void landOn(int row);
    Q_INVOKABLE void step(int rows);
    Q_INVOKABLE void jump(luthien::desktop::ReadingCursor::Target target, bool forward);

Q_SIGNALS:
    void moved();
    /// Bring this row on screen; landed = mark it for a moment.
    void wanted(int row, bool landed);
    void noticeChanged();

private:
    [[nodiscard]] int start(bool forward) const;
    void setRow(int row);

    ConversationModel& m_model;
    QPersistentModelIndex m_row;
    QString m_notice;
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPersistentModelIndex>
#include <QQmlEngine>

#include <functional>
#include <utility>

namespace luthien::desktop {

/// Text that is marked over the rows of a list, from a character of one to a character of another. Rows may come, go
/// and grow around it; it ends when one of its two ends goes. Thread: GUI.
class RowSelection : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("of a conversation")
    Q_PROPERTY(bool empty READ isEmpty NOTIFY changed FINAL)

public:
    /// What is copied of a row, in full.
    using TextOfRow = std::function<QString(int row)>;

    /// The model outlives it.
    RowSelection(const QAbstractItemModel& model, TextOfRow textOf, QObject* parent = nullptr);

    [[nodiscard]] bool isEmpty() const;
    /// Begin and end in the text of a row, in characters; two equal numbers = nothing of it is marked.
    [[nodiscard]] std::pair<int, int> rangeOf(int row) const;
    /// First and last row; -1 twice = nothing is marked.
    [[nodiscard]] std::pair<int, int> rows() const;

    /// at = characters before the place; -1 = its end.
    Q_INVOKABLE void start(int row, int at);
    Q_INVOKABLE void extend(int row, int at);
    /// Takes in whole rows further down, or up if negative.
    Q_INVOKABLE void extendBy(int count);
    Q_INVOKABLE void selectWord(int row, int at);
    Q_INVOKABLE void selectRows(int first, int last);
    Q_INVOKABLE void clear();
    /// What is marked, a line for each row.
    [[nodiscard]] Q_INVOKABLE QString text() const;

Q_SIGNALS:
    void changed();
    void rowsChanged(int first, int last);

private:
    struct Place
    {
        QPersistentModelIndex row;
        int at = 0;
    };
    [[nodiscard]] std::pair<const Place*, const Place*> ordered() const;
    [[nodiscard]] int clamped(int row, int at) const;
    void moveHead(int row, int at);
    void tell(std::pair<int, int> before);

    const QAbstractItemModel& m_model;
    TextOfRow m_textOf;
    Place m_anchor;
    Place m_head;
};

} // namespace luthien::desktop

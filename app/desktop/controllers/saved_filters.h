// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QSettings>

#include <vector>

namespace luthien::desktop {

/// The filters a person keeps by name, in the order of their names; kept in the window's own settings, since they say
/// how one person looks and nothing of what is recorded. Thread: GUI.
class SavedFilters : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    static constexpr std::size_t kMost = 100;
    enum Role { NameRole = Qt::UserRole + 1, FilterRole };

    explicit SavedFilters(const QString& settingsFile, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const { return static_cast<int>(m_filters.size()); }

    /// Takes the place of the one with this name. False = there are too many, or the name or the filter is empty.
    Q_INVOKABLE bool save(const QString& name, const QString& filter);
    Q_INVOKABLE void remove(int row);
    [[nodiscard]] Q_INVOKABLE QString filterAt(int row) const;

Q_SIGNALS:
    void countChanged();

private:
    struct Saved
    {
        QString name;
        QString filter;
    };
    void write();

    QSettings m_settings;
    std::vector<Saved> m_filters;
};

} // namespace luthien::desktop

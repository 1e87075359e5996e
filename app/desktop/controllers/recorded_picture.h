// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <QQmlEngine>
#include <QQuickItem>

namespace luthien::desktop {

/// Draws an image that is in the record. It takes bytes, not an address, so there is nothing it could load; they are
/// decoded in a thread of their own. Thread: GUI.
class RecordedPicture : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT
    /// The file, base64.
    Q_PROPERTY(QByteArray recorded READ recorded WRITE setRecorded NOTIFY recordedChanged FINAL)
    /// No wider than this many pixels of the screen.
    Q_PROPERTY(int widest READ widest WRITE setWidest NOTIFY widestChanged FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY decoded FINAL)
    /// It is not an image we show, too large, or damaged.
    Q_PROPERTY(bool failed READ isFailed NOTIFY decoded FINAL)
    Q_PROPERTY(QSize pixels READ pixels NOTIFY decoded FINAL)

public:
    explicit RecordedPicture(QQuickItem* parent = nullptr);

    [[nodiscard]] QByteArray recorded() const { return m_recorded; }
    [[nodiscard]] int widest() const noexcept { return m_widest; }
    [[nodiscard]] bool isLoading() const noexcept { return m_isLoading; }
    [[nodiscard]] bool isFailed() const noexcept { return !m_isLoading && m_image.isNull() && !m_recorded.isEmpty(); }
    [[nodiscard]] QSize pixels() const { return m_image.size(); }
    void setRecorded(const QByteArray& recorded);
    void setWidest(int widest);

Q_SIGNALS:
    void recordedChanged();
    void widestChanged();
    void decoded();

protected:
    QSGNode* updatePaintNode(QSGNode* old, UpdatePaintNodeData*) override;

private:
    void decode();
    void take(quint64 turn, const QImage& image);

    QByteArray m_recorded;
    int m_widest = 1200;
    QImage m_image;
    bool m_isLoading = false;
    bool m_isNew = false; ///< the texture is of another image
    quint64 m_turn = 0;   ///< of the newest decoding; older ones are of no use
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/recorded_picture.h"

#include "desktop/models/recorded_image.h"

#include <QCoreApplication>
#include <QPointer>
#include <QQuickWindow>
#include <QSGImageNode>
#include <QThreadPool>

#include <algorithm>

namespace luthien::desktop {

RecordedPicture::RecordedPicture(QQuickItem* parent)
    : QQuickItem(parent)
{
    setFlag(ItemHasContents);
}

void RecordedPicture::setRecorded(const QByteArray& recorded)
{
    if (m_recorded == recorded)
        return;
    m_recorded = recorded;
    decode();
    Q_EMIT recordedChanged();
}

void RecordedPicture::setWidest(int widest)
{
    if (m_widest == widest)
        return;
    m_widest = widest;
    decode();
    Q_EMIT widestChanged();
}

void RecordedPicture::decode()
{
    ++m_turn;
    m_image = {};
    m_isNew = true;
    m_isLoading = !m_recorded.isEmpty();
    update();
    Q_EMIT decoded();
    if (!m_isLoading)
        return;
    QThreadPool::globalInstance()->start(
        [self = QPointer(this), recorded = m_recorded, widest = m_widest, turn = m_turn] {
            const QImage image = decodeImage(recorded, std::max(16, widest));
            // The item may be gone by then, so it is asked for in its own thread.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, image, turn] {
                    if (self)
                        self->take(turn, image);
                },
                Qt::QueuedConnection);
        });
}

void RecordedPicture::take(quint64 turn, const QImage& image)
{
    if (turn != m_turn)
        return;
    m_image = image;
    m_isLoading = false;
    m_isNew = true;
    setImplicitSize(image.width(), image.height());
    update();
    Q_EMIT decoded();
}

QSGNode* RecordedPicture::updatePaintNode(QSGNode* old, UpdatePaintNodeData*)
{
    auto* node = static_cast<QSGImageNode*>(old);
    if (m_image.isNull() || width() <= 0 || height() <= 0) {
        delete node;
        return nullptr;
    }
    if (node == nullptr || m_isNew) {
        if (node == nullptr) {
            node = window()->createImageNode();
            node->setOwnsTexture(true);
        }
        node->setTexture(window()->createTextureFromImage(m_image));
        node->setFiltering(QSGTexture::Linear);
        m_isNew = false;
    }
    node->setRect(boundingRect());
    return node;
}

} // namespace luthien::desktop

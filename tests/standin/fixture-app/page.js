const ticks = document.querySelector('#ticks');
window.fixture.onTick((tick) => {
  ticks.textContent = String(tick.count);
});

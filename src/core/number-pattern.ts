/** A regular expression for the whole numbers from 0 to `max`, in digits and with any leading zeros. */
export function upTo(max: number): string {
  const digits = String(max);
  const rest = (place: number) => (place === digits.length - 1 ? '' : `[0-9]{${digits.length - 1 - place}}`);
  const fewer = digits.length > 1 ? [`[0-9]{1,${digits.length - 1}}`] : [];
  const smaller = [...digits].flatMap((digit, place) => {
    return digit === '0' ? [] : [`${digits.slice(0, place)}[0-${Number(digit) - 1}]${rest(place)}`];
  });
  return `0*(${[...fewer, ...smaller, digits].join('|')})`;
}
